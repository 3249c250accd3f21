"""Coaches as such: what they must bring before they coach, what they speak and know best."""

"""The institute's library: resources that segments and toolkits use."""

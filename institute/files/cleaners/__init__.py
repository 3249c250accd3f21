"""How each kind of file is rid of what tells who made it. Pictures and sound stay as they are, bit for bit."""

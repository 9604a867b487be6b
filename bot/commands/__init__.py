"""The commands of the terminal that look into the database of a bot and carry it elsewhere."""

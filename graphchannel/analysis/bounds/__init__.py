"""How many units can have gone which way: the least and the most, by days and quantities."""

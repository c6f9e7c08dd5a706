"""How many units can have gone along which path: the least and the most, by days and quantities."""

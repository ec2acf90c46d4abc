"""BMP: taking inventory."""

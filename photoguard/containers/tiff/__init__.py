"""TIFF and BigTIFF: taking inventory."""

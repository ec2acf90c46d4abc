"""JPEG 2000: taking inventory."""

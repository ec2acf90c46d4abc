"""JPEG XL: taking inventory."""

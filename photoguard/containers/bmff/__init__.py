"""ISO base media files (HEIC, HEIF, AVIF): taking inventory."""

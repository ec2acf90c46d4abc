"""WebP: rewriting and taking inventory, each with a walk of its own."""

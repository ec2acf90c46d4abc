"""What is inside metadata blocks, whatever the container that carries them."""

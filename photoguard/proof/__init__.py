"""What is really in the file that was written: residue, likeness left, visibility."""

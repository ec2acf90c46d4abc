"""Optional models: what is offered, what is installed, and how files of strangers become either."""

"""The engine process: heavy work beside the window, in a process that can be stopped, killed and started again. No Qt."""

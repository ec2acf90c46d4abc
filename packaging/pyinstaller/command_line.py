"""The frozen `photoguard`: the command line, and the program that engine processes are started from."""  # noqa: INP001

import multiprocessing
import sys

# an engine process is this program started again; it must not read its arguments as a command
multiprocessing.freeze_support()

from photoguard.__main__ import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())

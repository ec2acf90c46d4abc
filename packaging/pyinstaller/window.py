"""The frozen `photoguard-window`: the same program without a console."""  # noqa: INP001

import multiprocessing
import os
import sys

# a program without a console has no streams; whatever is written to them must not end it
if sys.stdout is None:
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
if sys.stderr is None:
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115

multiprocessing.freeze_support()

from photoguard.__main__ import window  # noqa: E402

if __name__ == "__main__":
    sys.exit(window())

"""`python -m photoguard`."""

from photoguard.cli import main

raise SystemExit(main())

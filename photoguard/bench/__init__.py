"""Measures what photoguard does: protection against visibility against time."""

"""Where people find help whose picture was misused: confirmed contacts, in Korean and English, without a network."""

from photoguard.help.contacts import Contact, checked_on, contacts

__all__ = ["Contact", "checked_on", "contacts"]

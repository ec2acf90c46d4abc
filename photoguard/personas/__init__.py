"""False identities that last: one per person, the same for a whole album and in later runs, kept on this computer only."""

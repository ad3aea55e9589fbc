"""Identity, permission and reach: three words, one place each (design §2)."""

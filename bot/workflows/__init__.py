"""Read, ask core, write: each file is one walk through the program and names the Protocols it needs."""

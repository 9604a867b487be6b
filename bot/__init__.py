"""Safety Bot: cited civil-protection guidance and notices over Telegram, written by operators in YAML."""

import os

__version__ = "0.1.0"

# Before numpy is first imported: its threads would fight over two cores. One is several times faster for our
# small products, and leaves the other core to the event loop while changed content is learnt.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

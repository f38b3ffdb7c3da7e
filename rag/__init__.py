"""Answers from documents: no HTTP, no Telegram."""

import os

# Before numpy is imported. A question's products are small: a second thread saves little, and on a
# busy machine each product waits for it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

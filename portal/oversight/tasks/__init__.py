"""Tasks (改革任务): the ledger of what a document sets, who leads it, by when, and how far it is (K-1, T-7)."""

"""The outbox and the worker: what must be delivered is a row of the transaction that causes it."""

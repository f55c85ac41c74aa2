"""Decisions that may pass each other, by the thousand: the crowds, the workers that read them, and what must hold."""

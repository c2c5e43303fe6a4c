"""Copies that can be trusted: what is above a single CLONE statement."""

"""The record, its vocabulary and the look-up data that belongs to neither law nor source."""

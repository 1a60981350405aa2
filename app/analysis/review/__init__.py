"""The review of a change against past escapes: what it touches of them, which guards it disarms, what is worth saying."""

"""The content folder -> core's Content, or every problem in it with its file and line."""

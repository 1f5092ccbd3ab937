"""The browser chat: the only part of the program that knows Gradio."""

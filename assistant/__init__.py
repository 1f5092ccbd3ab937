"""The assistant: questions in, answers out, each sentence a quote with its place."""

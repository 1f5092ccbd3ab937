"""The assistant as a service: HTTP for programs, and the Model Context Protocol."""

"""What a user asks for, as functions over the layers below."""

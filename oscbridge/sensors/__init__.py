"""Where felt affect comes from: one module a sensor."""

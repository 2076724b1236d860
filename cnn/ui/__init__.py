"""The only part that knows Streamlit: the frame, the controls, what is remembered, the sections, the components."""

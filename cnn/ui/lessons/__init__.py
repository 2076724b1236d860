"""The sections of each lesson: a folder a lesson, a file a section, each section an st.fragment."""

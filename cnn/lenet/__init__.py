"""LeNet-5 taken apart: what the lesson `lenet` shows.

dissection      a trained network opened up for one digit; unit_stage puts one unit on the stage
kernel_table    a layer's kernels as a table, C3's connections among them
eras            1998 beside today: costs and curves; era_digits: one digit in both
explanations    why this class: gradient and occlusion maps
neighbours      the training digits that F6 finds alike
digit_changes   the digit shifted, turned, thickened
program, era_code, explanation_code     the same as runnable PyTorch code
"""

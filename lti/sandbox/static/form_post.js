// The form carries the person on to the tool; without scripts a button does.
document.getElementById("form-post").submit();

/** Text of which every code unit takes one cell and stands alone. Most is; clusters take a hundred times as long. */
export const narrowText = /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff…─]*$/;

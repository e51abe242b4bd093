"""Where the bounds come from, as their sources name it."""

GALLAGER = "Gallager, Information Theory and Reliable Communication, 1968"
MARTINEZ = "Martinez and Guillen i Fabregas, ITA, 2011"
PPV = "Polyanskiy, Poor and Verdu, IEEE Trans. IT 56(5), 2010"
SHANNON_1948 = "Shannon, Bell Syst. Tech. J. 27, 1948"
SHANNON_1959 = "Shannon, Bell Syst. Tech. J. 38, 1959"
VAZQUEZ = "Vazquez-Vilar, IEEE Trans. IT 67(6), 2021"

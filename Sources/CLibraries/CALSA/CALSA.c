// SPDX-License-Identifier: Apache-2.0
// CLibraries/CALSA: everything stands in the header.
#include "CALSA.h"

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace conformance {

// The decimal text of a quantile, "0.95", "1", ".5", "25e-2", as a C++ literal of the same number: 0.95, 1.0, 0.5,
// 0.25. Nothing where the text is no number from 0 to 1 or has more decimals than quantile<Q>() takes exactly, 12.
std::optional<std::string> quantile_literal(std::string_view text);

} // namespace conformance

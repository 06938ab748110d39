// The public face of the catalogue: what anybody may read before applying (行政许可法 30).
#pragma once

#include <boost/json.hpp>

#include "modules/catalog/catalog.hpp"

namespace kaigong::catalog {

std::vector<http::Endpoint> catalog_routes(const Catalog& catalog, const std::vector<Authority>& authorities,
                                           const boost::json::array& divisions);

}  // namespace kaigong::catalog

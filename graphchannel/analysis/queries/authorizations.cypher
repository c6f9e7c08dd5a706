// Who is authorized in each smallest region on the day: by an authorization that names the region or
// one around it. An authorization for an industry alone names no place.
MATCH (region:Region)-[:WITHIN]->(named:Region)<-[a:AUTHORIZED_IN]-(partner:Partner)
WHERE named.id <> '*'
  AND NOT EXISTS { MATCH (:Region)-[:PART_OF]->(region) }
  AND a.valid_from <= $as_of <= a.valid_to
RETURN region.id AS region, partner.id AS partner,
       min(a.valid_from) AS first, max(a.valid_to) AS last

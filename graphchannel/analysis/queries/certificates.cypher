// Who holds, held or will hold which role: one row a role and issuer where it holds on the day, one
// row a role where it does not.
MATCH (partner:Partner)-[c:CERTIFIED_BY]->(issuer:Party)
WITH partner.id AS partner, c.role AS role,
     c.valid_from <= $as_of <= c.valid_to AS holds,
     CASE WHEN c.valid_from <= $as_of <= c.valid_to THEN issuer.id END AS issuer,
     min(c.valid_from) AS first, max(c.valid_to) AS last
RETURN partner, role, holds, issuer,
       EXISTS { MATCH (vendor:Vendor) WHERE vendor.id = issuer } AS by_vendor, first, last

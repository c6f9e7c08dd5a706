// Every partner and the days between which it is one.
MATCH (partner:Partner)
RETURN partner.id AS id, partner.name AS name, partner.country AS country,
       partner.city_id AS city, partner.joined_on AS joined_on,
       partner.terminated_on AS terminated_on

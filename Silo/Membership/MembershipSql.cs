namespace Streams.Silo.Membership;

/// <summary>
/// The statements of the membership table. Pure. Those that change it are sent behind <see cref="Lock"/> in one go, which is one transaction: a silo that
/// freezes in between holds no lock, and each sees all that was committed before it.
/// </summary>
internal static class MembershipSql
{
    /// <summary>The settings of a session. Slow statements end before the caller's limit of 2 s.</summary>
    public const string Session = "SET statement_timeout = '1500ms'; SET lock_timeout = '1s'; SET default_transaction_isolation = 'read committed'; SET jit = off; "
        + "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3";

    /// <summary>Makes the version of a cluster ($1) that has none.</summary>
    public const string Initialize = "INSERT INTO membership_versions (cluster_id, version, etag) VALUES ($1, 0, gen_random_uuid()) ON CONFLICT DO NOTHING";

    /// <summary>Reads the version of a cluster ($1) with all of its silos, or with the one at $2, at one moment. Without silos it is one row of the version alone.</summary>
    public const string Read = "SELECT v.version, v.etag, m.address, m.etag, m.silo_name, m.host_name, m.status, m.gateway_port, m.started_at, m.alive_at, m.suspected_by, m.suspected_at "
        + "FROM membership_versions AS v LEFT JOIN membership AS m ON m.cluster_id = v.cluster_id AND ($2::text IS NULL OR m.address = $2) WHERE v.cluster_id = $1";

    /// <summary>Changes of a cluster ($1) come one after the other.</summary>
    public const string Lock = "SELECT FROM membership_versions WHERE cluster_id = $1 FOR UPDATE";

    /// <summary>Adds a silo: 1 row, or 0 when the version is another, or the violation of a key when it is there.</summary>
    public const string Insert = $"""
        WITH next AS (UPDATE membership_versions SET version = $2, etag = gen_random_uuid() WHERE {IsExpectedVersion} RETURNING cluster_id, etag)
        INSERT INTO membership (cluster_id, etag, address, silo_name, host_name, status, gateway_port, started_at, alive_at, suspected_by, suspected_at)
        SELECT cluster_id, etag, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM next
        """;

    /// <summary>
    /// Changes a silo: 1 row, or 0 when the version, or the row ($13), is another. Whoever changes another silo's row has read it some time ago: its last sign of life
    /// is not put back.
    /// </summary>
    public const string Update = $"""
        WITH next AS (
            UPDATE membership_versions SET version = $2, etag = gen_random_uuid()
            WHERE {IsExpectedVersion} AND EXISTS (SELECT FROM membership WHERE cluster_id = $1 AND address = $4 AND etag = $13) RETURNING cluster_id, etag
        )
        UPDATE membership AS m SET etag = next.etag, silo_name = $5, host_name = $6, status = $7, gateway_port = $8, started_at = $9,
            alive_at = greatest(alive_at, $10), suspected_by = $11, suspected_at = $12
        FROM next WHERE m.cluster_id = next.cluster_id AND address = $4
        """;

    /// <summary>Writes the sign of life ($3) of a silo ($2).</summary>
    public const string UpdateAlive = "UPDATE membership SET alive_at = $3 WHERE cluster_id = $1 AND address = $2";

    /// <summary>Removes the silos that are dead, and of which nothing was heard or said since $2.</summary>
    public const string Cleanup = "DELETE FROM membership WHERE cluster_id = $1 AND status = 6 "
        + "AND greatest(alive_at, started_at, (SELECT max(at) FROM unnest(suspected_at) AS at)) < $2";

    /// <summary>Removes a cluster ($1).</summary>
    public const string Delete = "DELETE FROM membership_versions WHERE cluster_id = $1";

    /// <summary>The version that the caller has read ($3), and the next one after it ($2).</summary>
    private const string IsExpectedVersion = "cluster_id = $1 AND etag = $3 AND version = $2 - 1";
}

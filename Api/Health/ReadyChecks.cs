namespace Streams.Api.Health;

/// <summary>What <c>/health/ready</c> checks: every health check with this tag, those of the host too.</summary>
public static class ReadyChecks
{
    /// <summary>The tag.</summary>
    public const string Tag = "ready";
}

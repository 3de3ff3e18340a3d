using Microsoft.Extensions.Options;
using Npgsql;

namespace Streams.Api.Cluster;

/// <summary>Refuses a connection string that cannot be read, without a part of it: a password with a semicolon makes an unknown keyword of its rest.</summary>
internal sealed class GatewayTableValidator : IValidateOptions<GatewayTableOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayTableOptions options)
    {
        try
        {
            return options.ConnectionString.Length == 0 || new NpgsqlConnectionStringBuilder(options.ConnectionString).Host is { Length: > 0 }
                ? ValidateOptionsResult.Success
                : Fail("names no host");
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or OverflowException)
        {
            return Fail("cannot be read");
        }
    }

    private static ValidateOptionsResult Fail(string why) => ValidateOptionsResult.Fail(
        $"{GatewayTableOptions.Section}:{nameof(GatewayTableOptions.ConnectionString)} (STREAMS_STORE_CONNECTION) {why}. It looks like "
        + "Host=db.example;Port=5432;Database=streams;Username=streams;Password=...; a value with a semicolon or a quote stands in quotes.");
}

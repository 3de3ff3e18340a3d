using Microsoft.Extensions.Options;

namespace Streams.Silo.Storage;

internal sealed class StoreOptionsValidator : IValidateOptions<StoreOptions>
{
    public ValidateOptionsResult Validate(string? name, StoreOptions options) => (options.Kind, options.ConnectionString.Length > 0) switch
    {
        (StoreKind.Postgres, false) => ValidateOptionsResult.Fail(
            $"{StoreOptions.Section}:{nameof(options.ConnectionString)} (STREAMS_STORE_CONNECTION) is missing: with STREAMS_STORE=postgres it says where the database is, "
            + "for example Host=db;Database=streams;Username=streams;Password=..."),
        (StoreKind.Sqlite, true) => ValidateOptionsResult.Fail(
            $"{StoreOptions.Section}:{nameof(options.ConnectionString)} (STREAMS_STORE_CONNECTION) is set, but the store is sqlite, which has none: set STREAMS_STORE=postgres, or leave it out."),
        _ => ValidateOptionsResult.Success,
    };
}

using Microsoft.Extensions.Options;

namespace Streams.Silo.Hosting;

/// <summary>Refuses a silo that would be killed before it has ended its workers.</summary>
internal sealed class ShutdownValidator(IOptions<WorkerOptions> workers) : IValidateOptions<ShutdownOptions>
{
    public ValidateOptionsResult Validate(string? name, ShutdownOptions options)
    {
        WorkerOptions known;
        try
        {
            known = workers.Value;
        }
        catch (OptionsValidationException)
        {
            return ValidateOptionsResult.Success; // Reported by its own validator.
        }

        TimeSpan need = ShutdownTime.Of(known);
        return options.WithinSeconds == 0 || need.TotalSeconds <= options.WithinSeconds
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ShutdownOptions.Section}:{nameof(options.WithinSeconds)} (STREAMS_STOP_WITHIN) is {options.WithinSeconds} s, and with "
                + $"{WorkerOptions.Section}:{nameof(known.StopGrace)} (STREAMS_STOP_GRACE) of {known.StopGrace.TotalSeconds:0.###} s the silo needs up to {need.TotalSeconds:0.###} s to end: raise the first, or lower the second.");
    }
}

using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Streams.Api.Configuration;

/// <summary>Binds a configuration section to options property by property. A value that cannot be converted is a validation error like any other, where .NET's own binder throws at the first.</summary>
internal sealed class SectionBinder<T>(IConfigurationSection section) : IConfigureOptions<T>, IValidateOptions<T>
    where T : class
{
    private readonly List<(string Property, string Error)> _unreadable = [];
    private readonly Lock _lock = new();

    public void Configure(T options)
    {
        lock (_lock)
        {
            _unreadable.Clear();
            foreach (PropertyInfo property in typeof(T).GetProperties().Where(static p => p.CanWrite))
            {
                IConfigurationSection value = section.GetSection(property.Name);
                try
                {
                    if (value.Exists() && value.Get(property.PropertyType) is { } read)
                    {
                        property.SetValue(options, read);
                    }
                }
                catch (InvalidOperationException)
                {
                    _unreadable.Add((property.Name, Unreadable(value, property.PropertyType)));
                }
            }
        }
    }

    public ValidateOptionsResult Validate(string? name, T options)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        string[] failures;
        lock (_lock)
        {
            failures =
            [
                .. _unreadable.Select(static pair => pair.Error),
                .. results.Select(result => $"{section.Path}:{result.MemberNames.FirstOrDefault()} {result.ErrorMessage}"),
            ];
        }

        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // A list may hold secrets: what stands in one is not repeated.
    private static string Unreadable(IConfigurationSection value, Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => $"{value.Path} is '{value.Value}', which is not a time (hh:mm:ss.fff).",
        { IsEnum: true } => $"{value.Path} is '{value.Value}', which is none of {string.Join(", ", Enum.GetNames(type))}.",
        { IsPrimitive: true } => $"{value.Path} is '{value.Value}', which is not a number.",
        _ => $"{value.Path} is not a list of items with names and values.",
    };
}

// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { Field, Fields } from './fields';

it('a field without a value leaves no empty row', () => {
  const { container } = render(
    <Fields>
      {[null, undefined, false, ''].map((value) => (
        <Field key={String(value)} name={`is ${value}`}>
          {value}
        </Field>
      ))}
      <Field name="count">{0}</Field>
    </Fields>,
  );
  screen.getByText('count');
  expect(container.querySelectorAll('dt')).toHaveLength(1);
});

import { readConfig } from '../../platform/config/read-config.js';
import { OrganizationsConfig } from './organizations.config.js';

describe('DEFAULT_ORGANIZATION', () => {
  it.each(['1', 'cliente-ñ', 'x'.repeat(100)])('may be %j', (id) => {
    expect(readConfig(OrganizationsConfig, { DEFAULT_ORGANIZATION: id }).DEFAULT_ORGANIZATION).toBe(id);
  });

  it.each(['a b', 'a\tb', 'a\u200bb', 'x'.repeat(101)])('may not be %j, which createOrganization refuses', (id) => {
    expect(() => readConfig(OrganizationsConfig, { DEFAULT_ORGANIZATION: id })).toThrow(
      'DEFAULT_ORGANIZATION must be the id of an organization: 1 to 100 characters without spaces',
    );
  });
});
